"""Archives of captures: what is found in millions of them, as rows of tables.

    captures    which captures there are below paths and URIs, and what is in each
    remote      the file systems of URIs, by fsspec
    tables      the tables and their columns: what the rows are
    rows        a capture becomes rows; knows neither files nor engines
    arrow       the tables as Arrow has them
    parts       a part of the tables: its files, which get their place at once
    output      the directory of the tables, which one run has to itself
    provenance  what the rows come from, which runs into one directory have in common
    again       captures that failed are forgotten, to be linted anew
    local       the run on this machine, by one process or several
    closing     what a run says in the end
    beam        the same on Apache Beam, for many machines: a transform, and a pipeline as a program

    questions   what is asked of the tables: the files of queries/
    asking      asks them, with DuckDB
    answers     what comes of it
    forms       the formats of the report; answers as Markdown, CSV and JSON
    aligned     text for a terminal
    page        a page, drawn by plots
    words       values, courses and next steps in words, as all of these have them

Theory. A capture is the unit: its history, and the pseudonyms of its secrets, are its own. So the rows of a capture are
the same whatever else is linted, in which order and by whom, and each way to lint an archive (a process, several, an
engine for many machines) has the same rows.
"""
