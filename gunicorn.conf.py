"""How gunicorn serves the site: no access log, and errors without addresses."""

accesslog = None
logger_class = "archive.logs.ServerLogger"
threads = 12  # slow phones hold one each
timeout = 120
control_socket_disable = True  # it would want a home to write to
