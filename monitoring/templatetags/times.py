from django import template

from monitoring.times.words import say_ms

register = template.Library()
register.filter("ms", say_ms)
