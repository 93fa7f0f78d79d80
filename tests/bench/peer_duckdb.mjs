// peer_duckdb.mjs - DuckDB computing the same credits from the same exports: the peer of `make bench`.
// node peer_duckdb.mjs FOLDER THREADS AS_OF   prints "seconds S rolling R lifetime L people N"
// The rule is that of rules/credits.xml on a catalogue whose courses do not expire: a ledger of the best pass so far.
import { createRequire } from 'node:module';
const { DuckDBInstance } = createRequire(process.cwd() + '/')('@duckdb/node-api');

const [folder, threads, asOf] = process.argv.slice(2);
const started = process.hrtime.bigint();
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const rule = `
with course as (select 课程编号 as course, 学分类别 as category, 学分::decimal(9,2) as credits
	from read_csv('${folder}/课程目录.csv', header = true, all_varchar = true)),
attempt as (select 工号 as employee, 课程编号 as course, 完成日期 as day, 次数 as attempt, 成绩 as score
	from read_csv('${folder}/lms_*.csv', header = true, auto_detect = false, delim = ',', quote = '"', columns = {
		'工号': 'VARCHAR', '姓名': 'VARCHAR', '课程编号': 'VARCHAR', '课程名称': 'VARCHAR', '班次': 'VARCHAR', '报名日期': 'DATE',
		'完成日期': 'DATE', '次数': 'INTEGER', '成绩': 'DECIMAL(9,2)', '是否合格': 'VARCHAR', '学时': 'DECIMAL(9,2)' })
	where 是否合格 = '合格' and 完成日期 <= date '${asOf}'),
amount as (select employee, category, day, attempt, course,
		round(credits * case when score >= 90 then 1.2 else 1.0 end, 1)::decimal(9,1) as amount
	from attempt join course using (course)),
best as (select employee, category, day,
		max(amount) over w - coalesce(max(amount) over (partition by employee, course order by day, attempt
			rows between unbounded preceding and 1 preceding), 0) as booked
	from amount window w as (partition by employee, course order by day, attempt rows between unbounded preceding and current row)),
by_category as (select employee, category, sum(booked) as lifetime,
		sum(case when day > date '${asOf}' - interval 24 month then booked else 0 end) as rolling
	from best group by all),
capped as (select employee, category,
		least(lifetime, case category when '业务能力' then 1e9 when '操作规范' then 24 else 16 end) as lifetime,
		least(rolling, case category when '业务能力' then 1e9 when '操作规范' then 24 else 16 end) as rolling from by_category),
person as (select employee, sum(lifetime) as lifetime, sum(rolling) as rolling from capped group by employee)
select sum(rolling)::varchar, sum(lifetime)::varchar, count(*)::varchar from person`;
const [row] = await (await connection.runAndReadAll(rule)).getRows();
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
console.log(`seconds ${seconds.toFixed(3)} rolling ${Number(row[0]).toFixed(1)} lifetime ${Number(row[1]).toFixed(1)} people ${row[2]}`);
