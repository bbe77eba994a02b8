from django.urls import path

from styling.consumers import OutfitConsumer

websocket_urlpatterns = [path("ws/outfits/<uuid:suggestion_id>/", OutfitConsumer.as_asgi())]
