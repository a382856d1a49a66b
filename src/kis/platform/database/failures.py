"""Which errors of the database mean "not now" and are no fault of the program."""

from typing import Final

from sqlalchemy import exc

_NOT_NOW: Final = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)


def is_unavailable(error: BaseException) -> bool:
    """Tell whether ``error`` says that the database cannot be reached, is full, or took too long: trying again may go well."""
    return isinstance(error, _NOT_NOW) or (isinstance(error, exc.DBAPIError) and error.connection_invalidated)
