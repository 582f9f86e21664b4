/** Long-term or session keys of one profile. */
export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * Reads one profile of an AWS shared credentials file (INI: `[profile]`, `key = value`, `#` and `;`
 * comments). Returns undefined where the profile or one of its two keys is missing.
 */
export function readProfile(text: string, profile: string): AwsKeys | undefined {
  const values = new Map<string, string>();
  let current: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
    const section = /^\[\s*(?:profile\s+)?([^\]]+?)\s*\]$/.exec(trimmed);
    if (section) {
      current = section[1];
      continue;
    }
    const equals = trimmed.indexOf("=");
    if (current !== profile || equals < 0) continue;
    values.set(trimmed.slice(0, equals).trim().toLowerCase(), trimmed.slice(equals + 1).trim());
  }
  const accessKeyId = values.get("aws_access_key_id");
  const secretAccessKey = values.get("aws_secret_access_key");
  const sessionToken = values.get("aws_session_token");
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
