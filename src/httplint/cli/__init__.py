"""The command, which nothing else imports. A verb is a module that has `run`, beside what several of them share:

    main        reads the command line, and how the command ends
    verbs       the verbs and their options
    streams     standard output and standard error, which may be closed, full or without a reader
    configured  what the command line and the configuration say together
    paths       the captures that a user named
    patterns    patterns of paths that no shell has expanded
    targets     what `probe` is to ask
    credentials what a user wants sent, and to whom
    linting     captures are judged one after the other, for a run
    spreading   captures are judged by several processes
    merging     what these have judged is taken in
    outputs     the outputs that a user asked for
    asked       the command line again, as reports tell it
    steps       the steps of a trace
    values      what values offer to conditions
    faults      what a fault of ours, or of a capture, costs
    progress    the bar on a terminal
    wrong       what is said of a command line that is wrong

and the halves of `explain`: `explain_field` is about fields, `tracing` about exchanges.
"""
