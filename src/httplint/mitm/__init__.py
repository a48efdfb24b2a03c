"""The parts of the addon for mitmproxy, which `httplint.addon` puts together: its hooks and commands.

    options   what mitmproxy's option --set can say, over the configuration
    outputs   files that are written as flows come
    marks     marks and comments of flows, and details in their metadata
    details   what is said of single flows
    console   keys of the console, and the way to the next flow with findings
    web       the column of comments in mitmweb, and its view of findings
    beside    a process that judges beside mitmproxy, as mitmproxy sees it
    judge     that process itself
    wire      what goes between the two
    terminal  what is shown while flows pass
    log       what mitmproxy says in its log: what nothing else tells, and what nobody wants to know
"""
