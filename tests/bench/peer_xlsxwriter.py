"""peer_xlsxwriter.py - Python XlsxWriter writing the sheet of bench_xlsx.c: peer_xlsxwriter.py ROWS FOLDER"""
import datetime
import os
import resource
import sys

import xlsxwriter

rows, folder = int(sys.argv[1]), sys.argv[2]
path = os.path.join(folder, 'peer.xlsx')
start = resource.getrusage(resource.RUSAGE_SELF)
book = xlsxwriter.Workbook(path, {'constant_memory': True, 'tmpdir': folder})
sheet = book.add_worksheet('人员')
date, one, two = (book.add_format({'num_format': f}) for f in ('yyyy-mm-dd', '#,##0.0', '#,##0.00'))
base = datetime.date(1970, 1, 1)
for column, title in enumerate(['工号', '姓名', '部门', '岗位', '职级', '序列', '入职', '学分', '缺口', '得分', '星级', '系数']):
    sheet.write_string(0, column, title)
for n in range(rows):
    r = n + 1
    for column, text in enumerate(('%06d' % n, '员工%d' % (n * 7919 % 100003), '服务一部 / %d组' % (n % 14), '高级客服代表', 'P2', '专业')):
        sheet.write_string(r, column, text)
    sheet.write_datetime(r, 6, base + datetime.timedelta(days=18000 + n % 2500), date)
    sheet.write_number(r, 7, n % 997 / 10, one)
    sheet.write_number(r, 8, n % 31 / 10, one)
    sheet.write_number(r, 9, n * 31 % 10001 / 100, two)
    sheet.write_number(r, 10, n % 5 + 1)
    sheet.write_number(r, 11, (90 + n % 40) / 100, two)
book.close()
end = resource.getrusage(resource.RUSAGE_SELF)
seconds = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
print('XlsxWriter  %.0f rows/s CPU written (constant memory)' % (rows / seconds))
os.remove(path)
