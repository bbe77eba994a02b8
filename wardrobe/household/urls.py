"""Below the wardrobe's namespace: `wardrobe:household`, `wardrobe:shelf`, …"""

from django.urls import path

from wardrobe.household import loan_pages, pages, shelf_pages

AT = "wardrobe/household/"
urlpatterns = [
    path(AT, pages.show_household, name="household"),
    path(f"{AT}names/", pages.rename, name="household-names"),
    path(f"{AT}rule/", pages.set_rule, name="household-rule"),
    path(f"{AT}invite/", pages.invite, name="household-invite"),
    path(f"{AT}invitations/<uuid:invitation_id>/revoke/", pages.revoke, name="household-revoke"),
    path(f"{AT}join/<str:invitation_token>/", pages.join, name="household-join"),
    path(f"{AT}leave/", pages.leave, name="household-leave"),
    path(f"{AT}dissolve/", pages.dissolve, name="household-dissolve"),
    path(f"{AT}members/<int:member_id>/", pages.manage_member, name="household-member"),
    path(f"{AT}shelves/add/", shelf_pages.add_shelf, name="shelf-add"),
    path(f"{AT}shelves/choose/", shelf_pages.choose_shelf, name="shelf-choose"),
    path(f"{AT}shelves/<uuid:shelf_id>/", shelf_pages.show_shelf, name="shelf"),
    path(f"{AT}shelves/<uuid:shelf_id>/name/", shelf_pages.rename_shelf, name="shelf-rename"),
    path(f"{AT}shelves/<uuid:shelf_id>/share/", shelf_pages.share_shelf, name="shelf-share"),
    path(f"{AT}shelves/<uuid:shelf_id>/use/", shelf_pages.use_shelf, name="shelf-use"),
    path(f"{AT}shelves/<uuid:shelf_id>/take-off/", shelf_pages.take_off, name="shelf-take-off"),
    path(f"{AT}shelves/<uuid:shelf_id>/delete/", shelf_pages.delete_shelf, name="shelf-delete"),
    path(f"{AT}pieces/<uuid:garment_id>/", loan_pages.show_piece, name="household-piece"),
    path(f"{AT}pieces/<uuid:garment_id>/ask/", loan_pages.ask_for, name="household-ask"),
    path(f"{AT}pieces/<uuid:garment_id>/give-back/", loan_pages.give_back, name="household-back"),
    path(f"{AT}requests/<int:request_id>/lend/", loan_pages.lend, name="loan-lend"),
    path(f"{AT}requests/<int:request_id>/drop/", loan_pages.drop_request, name="loan-drop"),
    path(f"{AT}loans/<int:care_id>/undo/", loan_pages.undo_loan, name="loan-undo"),
]
