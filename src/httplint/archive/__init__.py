"""Archives of captures: what is found in millions of them, as rows of tables.

    captures  which captures there are below paths and URIs, and what is in each
    remote    the file systems of URIs, by fsspec
    tables    the tables and their columns: what the rows are
    rows      a capture becomes rows; knows neither files nor engines
    beam      the same on Apache Beam, for many machines: a transform, and a pipeline as a program

Theory. A capture is the unit: its history, and the pseudonyms of its secrets, are its own. So the rows of a capture are
the same whatever else is linted, in which order and by whom, and each way to lint an archive (a process, several, an
engine for many machines) has the same rows.
"""
