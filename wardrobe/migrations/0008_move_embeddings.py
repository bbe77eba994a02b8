from django.db import migrations

# ac37bd59844f: the weights that every vector in the column was made with.

MOVE = """
    INSERT INTO wardrobe_photoembedding (owner_id, extractor, pixel_sha256, box, vector)
    SELECT DISTINCT ON (owner_id, pixel_sha256)
        owner_id, 'ac37bd59844f', pixel_sha256, '{}', embedding
    FROM wardrobe_photo WHERE embedding IS NOT NULL AND pixel_sha256 <> ''
    ON CONFLICT DO NOTHING
"""

# Code before this one knows neither of the two states.
MOVE_BACK = """
    SET CONSTRAINTS ALL IMMEDIATE;
    UPDATE wardrobe_photo SET embedding = made.vector FROM wardrobe_photoembedding made
    WHERE made.owner_id = wardrobe_photo.owner_id AND made.extractor = 'ac37bd59844f'
        AND made.pixel_sha256 = wardrobe_photo.pixel_sha256 AND made.box = '{}';
    UPDATE wardrobe_photo SET status = 'received', leased_until = NULL WHERE status = 'asking';
    UPDATE wardrobe_photo SET status = 'duplicate', duplicate_of_id = garment.photo_id
    FROM wardrobe_garment garment
    WHERE wardrobe_photo.status = 'view' AND garment.id = wardrobe_photo.view_of_id
"""


class Migration(migrations.Migration):
    dependencies = [("wardrobe", "0007_ask_about_alike_photos")]

    operations = [migrations.RunSQL(MOVE, MOVE_BACK)]
