vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "@BEHIND@"; }
sub vcl_backend_response {
    set beresp.do_stream = false;    # else it depends on the moment whether a range can be sent
}
