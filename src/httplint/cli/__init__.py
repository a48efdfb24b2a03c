"""The command, which nothing else imports. A verb is a module that has `run`, beside what several of them share:

    main        the command line of all verbs, and how the command ends
    streams     standard output and standard error, which may be closed, full or without a reader
    configured  what the command line and the configuration say together
    paths       the captures that a user named
    linting     captures are judged one after the other, for a run
    spreading   captures are judged by several processes
    merging     what these have judged is taken in
    outputs     the outputs that a user asked for
    faults      what a fault of ours, or of a capture, costs
    progress    the bar on a terminal

and `explain_field`, the half of `explain` that is about fields.
"""
