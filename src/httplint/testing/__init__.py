"""What the pytest plugin does when it is asked to: watch the traffic of a test run, judge it, tell about it.

    interception  wraps what sends, in client libraries and test clients, and hands over what came back
    judge         judges that, test by test, by the criteria of each; knows nothing of pytest
    tally         what it has come to, here or in the workers of a distributed run
    requirements  which statements of the specifications it has exercised
    options       what pytest's command line, its configuration and markers ask for
    fixture       what a test can ask for itself
    session       the plugin: begins and ends tests, fails them, and tells about the run
"""
