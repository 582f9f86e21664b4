/** Asks a running gateway whether it takes traffic; sets the exit code. */
export async function healthcheck(options: { adminPort: number }): Promise<void> {
  const url = `http://127.0.0.1:${options.adminPort}/ready`;
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(2000) });
    if (status === 200) return;
    process.stderr.write(`${url} answered ${status}: not ready\n`);
  } catch {
    process.stderr.write(`nothing answers at ${url}\n`);
  }
  process.exitCode = 1;
}
