// The page up to the figures of a run, as bytes of the program: its text, its look, the library that
// draws, and what makes it a page. What ends it is in page.c.
    .section .rodata

    .globl page_begin
    .hidden page_begin
page_begin:
    .incbin "head.html"
    .incbin "page.css"
    .incbin "body.html"
    .ascii "<script>\n"
    .incbin CHART_JS
    .ascii "</script>\n<script>\n"
    .incbin "figures.js"
    .incbin "charts.js"
    .incbin "forecast.js"
    .incbin "choices.js"
    .incbin "months.js"
    .incbin "page.js"
    .ascii "</script>\n<script type=\"application/json\" id=\"run\">"

    .globl page_end
    .hidden page_end
page_end:

    .section .note.GNU-stack, "", %progbits
