/**
 * Model ids can be ARNs. Their slashes are encoded; colons are not, as they need not be in a path
 * and signers disagree about encoding what is encoded already.
 */
export const modelPath = (model: string, operation: string): string =>
  `/model/${encodeURIComponent(model).replace(/%3A/g, ":")}/${operation}`;
