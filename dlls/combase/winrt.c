// The Windows Runtime as far as programs meet it that do without its classes: they enter its apartments,
// which are COM's, and ask for factories of classes, none of which is registered.
#include "winrt.h"
#include "combase.h"

HOTPATCH HRESULT WINAPI RoInitialize(RO_INIT_TYPE type)
{
    switch (type) {
    case RO_INIT_SINGLETHREADED: return CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    case RO_INIT_MULTITHREADED: return CoInitializeEx(NULL, COINIT_MULTITHREADED);
    default: return E_INVALIDARG;
    }
}

HOTPATCH void WINAPI RoUninitialize(void)
{
    CoUninitialize();
}

// Classes would stand in the registry or in a manifest, with DLLs that implement them.
HOTPATCH HRESULT WINAPI RoGetActivationFactory(HSTRING class, REFIID id, void **factory)
{
    if (!factory) return E_INVALIDARG;
    *factory = NULL;
    if (!class || !id) return E_INVALIDARG;
    return current_apartment() ? REGDB_E_CLASSNOTREG : CO_E_NOTINITIALIZED;
}

HOTPATCH HRESULT WINAPI RoActivateInstance(HSTRING class, IInspectable **instance)
{
    return RoGetActivationFactory(class, &IID_IActivationFactory, (void **)instance);
}

HOTPATCH HRESULT WINAPI RoGetApartmentIdentifier(UINT64 *identifier)
{
    if (!identifier) return E_INVALIDARG;
    *identifier = current_apartment();
    return *identifier ? S_OK : CO_E_NOTINITIALIZED;
}
