"""Indonesian hours with two digits, 08.05: Django's own drop the leading zero."""

TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j F Y, H.i"
SHORT_DATETIME_FORMAT = "d-m-Y H.i"
