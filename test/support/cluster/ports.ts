/** Where Envoy Gateway has listeners for port 80; `fetch` refuses this port. */
export const PORT_80_OF_ENVOY_GATEWAY = 10_080;

/** Where the same listeners are as well, for `fetch`. */
export const PORT_80_FOR_FETCH = 20_080;
