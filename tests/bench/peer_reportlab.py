"""The archives of `bench_pdf --replay N` drawn by ReportLab: the same operations, the same font, embedded and subset.

ReportLab gets everything placed and wrapped; only drawing, subsetting and compression are its own. Prints archives a
second of CPU and their size.
"""
import io
import json
import sys
import time

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

HEIGHT = 841.89


def draw(page, operations, colours):
    for kind, fill, stroke, x, y, w, h, size, radius, bold, dashed, closed, more in operations:
        y = HEIGHT - y
        if fill:
            page.setFillColor(colours[fill])
        if stroke:
            page.setStrokeColor(colours[stroke])
            page.setLineWidth(size)
            page.setDash([2, 1.6] if dashed else [])
        if kind == "text":
            text = page.beginText(x, y)
            text.setFont("text", size)
            text.setTextRenderMode(2 if bold else 0)
            text.textOut(more)
            page.drawText(text)
        elif kind == "rect":
            if radius:
                page.roundRect(x, y - h, w, h, radius, stroke=bool(stroke), fill=bool(fill))
            else:
                page.rect(x, y - h, w, h, stroke=bool(stroke), fill=bool(fill))
        elif kind == "line":
            page.line(x, y, x + w, y - h)
        elif kind == "circle":
            page.circle(x, y, radius, stroke=0, fill=1)
        elif kind == "poly":
            path = page.beginPath()
            path.moveTo(more[0], HEIGHT - more[1])
            for i in range(2, len(more), 2):
                path.lineTo(more[i], HEIGHT - more[i + 1])
            if closed:
                path.close()
            page.drawPath(path, stroke=bool(stroke), fill=bool(fill))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        replay = json.load(file)
    names = {name for document in replay["documents"] for page in document for op in page for name in op[1:3] if name}
    colours = {name: HexColor("#" + name.replace("0x", "")) for name in names}
    pdfmetrics.registerFont(TTFont("text", replay["font"], subfontIndex=0))
    size, started = 0, time.process_time()
    for document in replay["documents"]:
        out = io.BytesIO()
        page = canvas.Canvas(out, pagesize=(595.28, HEIGHT), pageCompression=1, invariant=1)
        for operations in document:
            draw(page, operations, colours)
            page.showPage()
        page.save()
        size += len(out.getvalue())
    used, count = time.process_time() - started, len(replay["documents"])
    print(f"ReportLab, drawing only: {count / used:.0f} a second and core, {used * 1000 / count:.1f} ms, {size / 1000 / count:.1f} KB each")


if __name__ == "__main__":
    main()
