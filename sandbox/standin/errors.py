"""Errors in Stripe's shape: ``{"error": {"type": …, "message": …, "code": …, "param": …}}``."""


class ApiError(Exception):
    """An answer other than 200.

    Arguments: ``status`` (HTTP), ``message`` for a developer, ``type``, ``code`` and ``param`` as
    Stripe names them, and any other field of the error object as a keyword.
    """

    def __init__(
        self, status, message, type="invalid_request_error", code=None, param=None, **more
    ):
        super().__init__(message)
        self.status = status
        self.headers = {}
        self.error = {"message": message, "type": type}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            self.error["param"] = param
        self.error.update(more)

    @property
    def body(self):
        """The JSON document to answer with."""
        return {"error": self.error}


def invalid(message, param=None, code=None, **more):
    """A 400 for a parameter that cannot be accepted."""
    return ApiError(400, message, code=code, param=param, **more)


def refused(body):
    """A refusal of work that was begun, from the ``body`` that is remembered: the 402 of a bank
    that said no, as ``off_session.confirm`` returned it, unless its ``status`` says otherwise."""
    return ApiError(**{"status": 402} | body["error"])


def missing(kind, id, param="id"):
    """The 404 of an id that does not exist; dj-stripe recognises its code."""
    name = kind.rsplit(".", 1)[-1]
    return ApiError(404, f"No such {name}: '{id}'", code="resource_missing", param=param)


def busy():
    """The 429 of an object that another request holds. Stripe asks to try again, and its library
    does so."""
    error = ApiError(
        429,
        "This object cannot be accessed right now because another API request or Stripe process "
        "is currently accessing it. Try again later.",
        code="lock_timeout",
    )
    error.headers["Stripe-Should-Retry"] = "true"
    return error


def required(param):
    """The 400 of a required parameter that was left out."""
    return invalid(f"Missing required param: {param}.", param=param, code="parameter_missing")


def unknown(param):
    """The 400 of a parameter that this method does not have."""
    return invalid(f"Received unknown parameter: {param}", param=param, code="parameter_unknown")
