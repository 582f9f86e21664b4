/**
 * Model ids can be ARNs. Their slashes are encoded; colons are not, as they need not be in a path
 * and signers disagree about encoding what is encoded already.
 */
export const modelPath = (model: string, operation: string): string =>
  `/model/${encodeURIComponent(model).replace(/%3A/g, ":")}/${operation}`;

/** Geographies that stand before the model in the id of a cross-region inference profile. */
const GEOGRAPHY = /^(us-gov|us|eu|apac|uk|au|jp|ca|global)\./;

/** The model of a cross-region inference profile: some operations know models alone. */
export const withoutGeography = (model: string): string => model.replace(GEOGRAPHY, "");
