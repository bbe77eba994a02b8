from django.urls import path

from wardrobe.consumers import PhotoConsumer

websocket_urlpatterns = [path("ws/photos/", PhotoConsumer.as_asgi())]
