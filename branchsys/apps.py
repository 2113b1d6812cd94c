from django.contrib.admin.apps import AdminConfig


class BranchsysAdminConfig(AdminConfig):
    default_site = "branchsys.admin_site.BranchsysAdminSite"
