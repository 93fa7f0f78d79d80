#!/usr/bin/env python3
"""populate.py - a small centre full of corner cases: exports and a rule pack, both thrown by a seed.

populate.py WORKSPACE SEED   WORKSPACE has the shipped rules/, inputs/inputs.xml and inputs/mappings/. Writes the exports
of three quarters into inputs/sample/, varies the rules (vary.py), and takes the gates on rejects out of inputs.xml, since
much of this is dirt. The same seed gives the same bytes. Three people of fifty are ordinary by accident.
"""
import csv
import datetime
import os
import random
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vary
from common import month_shift

QUARTERS = [('2026Q1', datetime.date(2026, 3, 31)), ('2026Q2', datetime.date(2026, 6, 30)),
            ('2026Q3', datetime.date(2026, 9, 30))]
UNITS = [('Z', '中心', ''), ('B', '二组', 'Z'), ('A', '一组', 'Z'), ('A-1', '一组一班', 'A')]
POSITIONS = ['P1', 'P2', 'P3', 'P4', 'QA', 'TR', 'DA', 'M1', 'M2', 'M3', 'X9']       # X9: no model, no step
LEVEL_OF = {'QA': 'P2', 'TR': 'P3', 'DA': 'P3', 'X9': 'X'}
CATEGORIES = ['业务能力', '操作规范', '数据分析', '质量管理', '运营管理', '知识管理', '无类别']
KINDS = {'exam': '考试', 'supervisor': '上级评价', 'observation': '现场观察', 'peer': '同事评价', 'self': '自评'}
RESULTS = ['合格', '合格', '合格', '合格', '不合格', '缺考', '免修', '学习中', '', '', '']
AWAY = datetime.timedelta


class Centre:
    def __init__(self, seed, folder):
        self.random, self.folder = random.Random(seed), folder
        r = self.random
        self.people = [f'{100 + i:05d}' for i in range(r.randint(35, 55))]
        self.competencies = vary.COMPETENCIES
        self.courses = {}
        self.ages = [6, 12, 18, 24]

    def write(self, name, head, rows):
        path = os.path.join(self.folder, 'inputs/sample', name + '.csv')
        with open(path, 'w', encoding='utf-8-sig', newline='') as file:
            csv.writer(file).writerows([head] + [[str('' if cell is None else cell) for cell in row] for row in rows])

    def some(self, chance):
        return self.random.random() < chance

    def near(self, day, months):
        """About so many months before a day: often on the day itself or beside it."""
        exact = month_shift(day, -months)
        return exact + AWAY(self.random.choice([0, 0, 1, -1, self.random.randint(-40, 40)]))

    def day_before(self, day):
        """Any day that matters at `day`."""
        r = self.random
        kind = r.randrange(8)
        if kind == 0:
            return day
        if kind == 1:
            return day + AWAY(r.choice([1, 5, 40]))          # not seen yet
        if kind in (2, 3):
            return self.near(day, r.choice(self.ages))
        return day - AWAY(r.randint(0, 900))

    # ---- catalogues ----
    def catalogues(self):
        r = self.random
        self.write('组织架构', ['部门编号', '部门名称', '上级部门'], UNITS)
        self.write('岗位表', ['岗位编号', '岗位名称', '关键岗位'],
                   [(name, '岗位' + name, r.choice(['是', '否'])) for name in POSITIONS])
        rows = []
        count = r.randint(14, 26)
        names = [f'K{i:02d}' for i in range(1, count + 1)]
        for name in names:
            start = r.choice([None, 0, 0, 1, 1, 2, 3])
            end = r.choice([None] + [e for e in (1, 2, 3, 4, 5) if start is None or e > start] * 3)
            competency = r.choice([None] + self.competencies * 2)
            first = r.sample([other for other in names if other != name], r.choice([0, 0, 0, 1, 1, 2, 3]))
            if not self.some(0.25):
                first = [other for other in first if other < name]       # else cycles may happen
            targets = r.sample(POSITIONS[:10], r.choice([0, 0, 1, 1, 2, 3]))
            months = r.choice([None, None, None, 1, 6, 12, 12, 24])
            self.courses[name] = months
            rows.append((name, '课' + name, r.choice(CATEGORIES), r.choice(['必备', '延伸', '']),
                         r.choice(['0', '0.5', '1', '1.25', '2', '3.33', '10']),
                         r.choice(['', '', '2', '4', '4', '6', '7.5', '0']),
                         r.choice(['、', ';', '；', ' ', ',', '/', '|', '，']).join(targets),
                         r.choice(['', '60', '60', '80', '0', '100']), months, competency,
                         None if competency is None and self.some(0.5) else start, end,
                         r.choice(['、', '; ', ',', ' ']).join(first), r.choice(['初级', '中级', '高级', '', '其他'])))
        self.write('课程目录', ['课程编号', '课程名称', '学分类别', '必备/延伸', '学分', '学时', '必修对象', '合格线', '有效期（月）',
                             '胜任力编号', '起始等级', '达到等级', '先修课程', '阶段'], rows)

    # ---- people ----
    def roster(self):
        r = self.random
        self.rows = {}
        for person in self.people:
            position = r.choice(POSITIONS + ['P1', 'P1', 'P2', 'P2'])
            last = QUARTERS[r.randrange(3)][1]
            hired = r.choice([self.near(last, r.choice([1, 3, 6, 12])), last - AWAY(r.randint(0, 3000)),
                              last - AWAY(r.randint(400, 3000)), last - AWAY(r.randint(400, 3000)), last, last + AWAY(1)])
            left = None
            if self.some(0.12):
                left = max(hired, last + AWAY(r.choice([-30, -1, 0, 0, 1])))
            level = LEVEL_OF.get(position, position)
            if self.some(0.08):
                level = r.choice(['P1', 'P3', 'M1', 'X', ''])
            self.rows[person] = [person, r.choice('王李张刘陈杨黄赵吴周') + r.choice('一二三四五六七八九十'), r.choice(UNITS[1:])[0],
                                 position, r.choice(['专业', '管理', '']), level, hired, left,
                                 r.choice(['在职'] * 9 + ['长期病假']), r.choice(['江城', '临江', ''])]
        for quarter, last in QUARTERS:
            for row in self.rows.values():
                if self.some(0.05):
                    row[3] = r.choice(POSITIONS)
                    row[5] = LEVEL_OF.get(row[3], row[3])
            self.write('花名册_' + quarter, ['工号', '姓名', '部门编号', '岗位编号', '序列', '职级', '入职日期', '离职日期', '状态', '职场'],
                       [row for row in self.rows.values() if row[6] <= last + AWAY(1)])

    def person(self):
        return self.random.choice(self.people + ['99999'] if self.some(0.02) else self.people)

    # ---- what happened ----
    def completions(self):
        r = self.random
        for quarter, last in QUARTERS:
            rows, before = [], 1 if quarter == '2026Q1' else 0
            for _ in range(len(self.people) * (14 if before else 4)):
                course = r.choice(list(self.courses) + (['NONE'] if self.some(0.02) else []))
                months = self.courses.get(course)
                day = self.near(last, months) if months and self.some(0.35) else self.day_before(last)
                result = r.choice(RESULTS)
                score = r.choice(['', r.randint(40, 100), r.randint(40, 100), 60, 90, '89.5', '59.99', 100, 0, 101])
                person = self.person()
                rows.append((person, course, day - AWAY(5), '' if self.some(0.05) else day,
                             r.choice([1, 1, 1, 2, 3, '']), score, result))
                if self.some(0.06):                     # the day before a validity ends, on it and after it
                    for more in (months or 1, 1):
                        day = month_shift(day, more) + AWAY(r.choice([-1, 0, 1]))
                        rows.append((person, course, '', day, r.choice([1, 2, 2]), r.randint(50, 100), r.choice(RESULTS)))
                if self.some(0.02):
                    rows.append(rows[-1])
            r.shuffle(rows)
            self.write('lms_' + quarter, ['工号', '课程编号', '报名日期', '完成日期', '次数', '成绩', '是否合格'], rows)

    def assessments(self):
        r = self.random
        for quarter, last in QUARTERS:
            rows = []
            for person in self.people:
                if self.some(0.08):
                    continue
                kinds = ['self'] if self.some(0.08) else list(KINDS)     # self alone is not assessed
                for competency in self.competencies:
                    if self.some(0.35):
                        continue
                    for _ in range(r.choice([1, 1, 2, 3, 5])):
                        kind = r.choice(kinds)
                        day = self.day_before(last)
                        level = r.choice([r.randint(0, 5), '0.5', '1.5', '2.5', '3.5', '4.5', '2.33', '3.67', '2.995', '0'])
                        score = r.choice([r.randint(0, 100), '59.5', '66.67', 0, 100])
                        form = r.randrange(10)
                        for assessor in r.sample(self.people + [''], r.choice([1, 1, 2, 3])):
                            rows.append((person, competency, '' if form < 3 else level, score if form < 4 else '',
                                         KINDS[kind], r.choice([assessor, '']), day))
                            if self.some(0.3):
                                level = r.choice(['1', '4.25', level])
            if rows:
                rows.append((self.people[0], 'C99', 3, '', '考试', '', last))      # not in the dictionary
                rows.append((self.people[0], self.competencies[0], 3, '', '神秘方式', '', last))
                rows.append((self.people[0], self.competencies[0], '', '', '考试', 'nobody', last))
                rows.append((self.people[0], self.competencies[0], 7, '', '考试', '', last))
            r.shuffle(rows)
            self.write('测评_' + quarter, ['工号', '胜任力编号', '等级', '得分', '测评方式', '测评人', '测评日期'], rows)

    def plans(self):
        r = self.random
        items = ['师徒带教', 'Mentoring', 'mentoring', '轮岗学习', '读书']
        for quarter, last in QUARTERS[r.choice([0, 0, 1]):]:
            rows = []
            for person in self.people:
                for i in range(r.choice([0, 1, 2, 4])):
                    kind = r.randrange(6)
                    course = r.choice(list(self.courses)) if kind < 4 else ''
                    competency = r.choice(self.competencies) if kind in (1, 2, 4) else ''
                    item = r.choice(items) if kind == 5 else f'项目{i}{course}{competency}'
                    due = r.choice(['', last, last - AWAY(1), last + AWAY(1), last + AWAY(r.randint(-80, 80))])
                    rows.append((person, item, competency, course, due, r.choice(['未开始', '进行中', '已完成', '已完成', '', '暂停']), ''))
            self.write('发展计划_' + quarter, ['工号', '项目', '胜任力编号', '课程编号', '期限', '进度', '导师'], rows)

    def measures(self):
        r = self.random
        for quarter, last in QUARTERS:
            rows = []
            for person in self.people:
                if not self.some(0.1):
                    rows.append([quarter, person] + [
                        '' if self.some(0.12) else r.choice([r.randint(50, 100), 60, 80, 85, 92, '84.99', '92.5', '88'])
                        for _ in range(5)])
            self.write('绩效_' + quarter, ['季度', '工号', '质检得分', '一次解决率', '客户满意度', '出勤率', '业务考试'], rows)
            rows = [[quarter, person] + ['' if self.some(0.15) else r.choice([1, '2.4', '2.5', 3, '3.4', '3.5', '3.6', 4, 5])
                                         for _ in range(2)] for person in self.people if not self.some(0.2)]
            self.write('评价_' + quarter, ['季度', '工号', '绩效评价', '潜力评价'], rows)

    def careers(self):
        r = self.random
        for quarter, last in QUARTERS:
            rows = []
            for person in self.people:
                row = self.rows[person]
                if quarter == '2026Q1' and not self.some(0.1):
                    rows.append((person, '入职', row[6], row[2], r.choice(['P1', row[3]]), row[4], r.choice(['P1', row[5]])))
                if self.some(0.3):
                    rows.append((person, r.choice(['晋升', '调岗', '降级', '见习', '轮岗', '返岗']),
                                 max(row[6], self.near(last, r.choice([1, 6, 12, 18, 24]))), row[2], row[3], row[4], row[5]))
            self.write('岗级变动_' + quarter, ['工号', '变动类型', '生效日期', '部门编号', '岗位编号', '序列', '职级'], rows)
        given = r.randrange(8)
        for quarter, last in QUARTERS:
            if given != 0:
                self.write('荣誉_' + quarter, ['工号', '荣誉名称', '类别', '授予日期', '授予单位'],
                           [(self.person(), r.choice(['服务之星', '标兵']), '', self.day_before(last), '')
                            for _ in range(len(self.people) // 4)])
            if given != 1:
                self.write('兼职岗位_' + quarter, ['工号', '角色', '开始日期', '结束日期'],
                           [(self.person(), r.choice(['小师傅', '兼职质检员', '兼职培训师', '兼职数据分析师']), day,
                             r.choice(['', '', day + AWAY(90), last, last - AWAY(1)]) if day <= last - AWAY(1) else '')
                            for day in (self.day_before(last) for _ in range(len(self.people) // 3))])
            if given != 2:
                self.write('处分_' + quarter, ['工号', '处分类别', '开始日期', '结束日期'],
                           [(self.person(), r.choice(['警告', '记过']), day, r.choice(['', last, last + AWAY(1), last + AWAY(200)]))
                            for day in (last - AWAY(r.randint(0, 60)) for _ in range(len(self.people) // 8))])
            self.write('空缺岗位_' + quarter, ['空缺编号', '岗位编号', '部门编号', '职级', '开放日期', '人数', '关键岗位'],
                       [(f'V{quarter}{i}', name, r.choice(UNITS)[0], LEVEL_OF.get(name, name),
                         last - AWAY(r.choice([0, 10, 100])), r.choice([1, 2]), r.choice(['是', '否']))
                        for i, name in enumerate(r.sample(POSITIONS, 5))])

    def stars(self):
        r = self.random
        if self.some(0.8):
            self.write('历史评级', ['工号', '期间', '项目', '取值'],
                       [(person, f'{year}Q{q}', '星级', r.randint(1, 5)) for person in self.people for year in (2024, 2025)
                        for q in (1, 2, 3, 4) if self.some(0.4)])
        for quarter, last in QUARTERS:
            rows = []
            for person in r.sample(self.people, 6):
                day = last - AWAY(r.choice([0, 1, 10, 80]))
                rows.append((person, '星级', '', r.randint(1, 5), '复核', '周敏', day,
                             r.choice(['', last, last - AWAY(1), last + AWAY(1), last + AWAY(95)])))
            self.write('决定_' + quarter, ['工号', '项目', '对象', '决定', '理由', '决定人', '决定日期', '失效日期'], rows)

    def all(self):
        os.makedirs(os.path.join(self.folder, 'inputs/sample'), exist_ok=True)
        for part in (self.catalogues, self.roster, self.completions, self.assessments, self.plans, self.measures,
                     self.careers, self.stars):
            part()


def main(folder, seed):
    path = os.path.join(folder, 'inputs/inputs.xml')
    with open(path, encoding='utf-8') as file:
        text = file.read()
    with open(path, 'w', encoding='utf-8') as file:
        file.write(re.sub(r'\n *<gate [^>]*/>', '', text))
    vary.rules(folder, int(seed))
    Centre(int(seed), folder).all()


if __name__ == '__main__':
    main(*sys.argv[1:])
