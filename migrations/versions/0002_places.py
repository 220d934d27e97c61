"""Departments, places, assets and tags."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "departments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_departments_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint("site_id", "code", name=op.f("uq_departments_site_id_code")),
    )
    with op.batch_alter_table("departments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_departments_site_id"), ["site_id"], unique=False)
    op.create_table(
        "places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("path", sa.String(length=240), nullable=False),
        sa.Column("path_en", sa.String(length=240), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_places_department_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["places.id"], name=op.f("fk_places_parent_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_places_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("site_id", "code", name=op.f("uq_places_site_id_code")),
    )
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_places_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_places_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_places_site_id"), ["site_id"], unique=False)
    op.create_table(
        "asset_kinds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_kinds")),
        sa.UniqueConstraint("code", name=op.f("uq_asset_kinds_code")),
    )
    op.create_table(
        "assets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("serial", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["kind_id"], ["asset_kinds.id"], name=op.f("fk_assets_kind_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_assets_place_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_assets_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
        sa.UniqueConstraint("site_id", "code", name=op.f("uq_assets_site_id_code")),
    )
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assets_kind_id"), ["kind_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assets_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assets_site_id"), ["site_id"], unique=False)
    op.create_table(
        "tags",
        sa.Column("code", sa.String(length=14), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by_id", sa.Uuid(), nullable=True),
        sa.Column("retired_reason", sa.String(length=200), nullable=False),
        sa.Column("replaced_by_code", sa.String(length=14), nullable=True),
        sa.CheckConstraint("(place_id IS NULL) <> (asset_id IS NULL)", name=op.f("ck_tags_one_subject")),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_tags_asset_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_tags_created_by_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_tags_place_id")),
        sa.ForeignKeyConstraint(["replaced_by_code"], ["tags.code"], name=op.f("fk_tags_replaced_by_code")),
        sa.ForeignKeyConstraint(["retired_by_id"], ["people.id"], name=op.f("fk_tags_retired_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_tags_site_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_tags")),
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tags_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tags_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tags_site_id"), ["site_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("tags")
    op.drop_table("assets")
    op.drop_table("asset_kinds")
    op.drop_table("places")
    op.drop_table("departments")
