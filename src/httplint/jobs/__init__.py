"""Captures judged by several processes, with the same outcome as by one.

    workers     processes that do tasks side by side; what comes of them is handed out in the order of the tasks
    judging     what a process makes of a task: a capture, or a stretch of a big one
    travelling  what it makes of it, as it goes from one process to the other

Theory. What is said once in a run, or in the order of the captures, is the matter of one process: pseudonyms of
secrets, the baseline and waivers, the outputs. It takes what the others have judged, in order, as if it had judged it
itself. So nothing in a result shows that more than one process made it.
"""
