"""A column chart as DrawingML (ECMA-376 part 1, 21.2): drawn by the reader's own program, in its own fonts,
with figures that can be read and text that can be edited. Pure.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from hub.documents.model import Chart, plain

__all__ = ["CHART_TYPE", "chart_xml"]

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"

_FILL = "2E7D5B"
_FRAME = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<c:roundedCorners val="0"/>
<c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>
<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>
<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:v>{series}</c:v></c:tx>
<c:spPr><a:solidFill><a:srgbClr val="{fill}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>
<c:dLbls><c:numFmt formatCode="#,##0" sourceLinked="0"/><c:showLegendKey val="0"/><c:showVal val="1"/>
<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>
<c:cat><c:strLit><c:ptCount val="{count}"/>{categories}</c:strLit></c:cat>
<c:val><c:numLit><c:formatCode>#,##0</c:formatCode><c:ptCount val="{count}"/>{values}</c:numLit></c:val>
</c:ser>
<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>
<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>
<c:axPos val="b"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>
<c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>
<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>
<c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill>
<a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>
<c:numFmt formatCode="#,##0" sourceLinked="0"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/>
<c:tickLblPos val="nextTo"/><c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx></c:plotArea>
<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>
<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100"><a:latin typeface="Times New Roman"/></a:defRPr></a:pPr>
<a:endParaRPr lang="vi-VN"/></a:p></c:txPr></c:chartSpace>
"""


def chart_xml(chart: Chart) -> bytes:
    """The chart part of a document; its caption stands beside it as text, not within."""
    text = _FRAME.format(
        series=escape(plain(chart.series)),
        fill=_FILL,
        count=len(chart.categories),
        categories=_points(plain(category) for category in chart.categories),
        values=_points(str(value) for value in chart.values),
    )
    return text.encode()


def _points(texts: Iterable[str]) -> str:
    return "".join(f'<c:pt idx="{at}"><c:v>{escape(text)}</c:v></c:pt>' for at, text in enumerate(texts))
