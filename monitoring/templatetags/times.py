from django import template

from monitoring.latency import say_ms

register = template.Library()
register.filter("ms", say_ms)
