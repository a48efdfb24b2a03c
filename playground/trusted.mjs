/* The policy of the page lets nothing run whose address was not made here (Trusted Types): scripts of its own origin. */
const policy = globalThis.trustedTypes?.createPolicy("httplint", {
  createScriptURL(address) {
    if (new URL(address).origin !== location.origin) throw new TypeError("not a script of this page");
    return address;
  },
});

/** The address of a script that may be started as a worker. */
export const trusted = (address) => (policy ? policy.createScriptURL(address) : address);
