# tzres: nothing but the names of time zones, which the registry's MUI_* values lead to.
tzres_BASE = 73C00000
tzres_ENTRY =
tzres_RC = guest/obj/tzres.rc

guest/obj/tzres.rc: $(srcdir)/dlls/tzres/strings.awk $(srcdir)/dlls/ntdll/unix/registry.reg
	@mkdir -p $(@D)
	$(Q)LC_ALL=C awk -f $^ > $@.tmp && mv $@.tmp $@
