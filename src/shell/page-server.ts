/** Serves the window's files as app://hypernest/…, and nothing else. Pure but for reading the file. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export const appOrigin = 'app://hypernest';
export const appPage = `${appOrigin}/index.html`;

/** Nothing inline, nothing from elsewhere: styles that a script sets go through the CSSOM, which needs no exception. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // No text becomes markup or script; Svelte's own templates are the one exception, by its policy.
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The file of a request, or null for an address that is not ours, leaves the folder, or has a type that we do not serve. */
export function fileOf(address: string, folder: string): { readonly file: string; readonly type: string } | null {
  if (!URL.canParse(address)) return null;
  const { protocol, host, pathname } = new URL(address);
  if (`${protocol}//${host}` !== appOrigin) return null;
  let name: string;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (name.includes('\0')) return null;
  const file = path.join(folder, name);
  if (!file.startsWith(folder + path.sep)) return null;
  const type = types[path.extname(file)];
  return type === undefined ? null : { file, type };
}

export async function servePage(address: string, folder: string): Promise<Response> {
  const found = fileOf(address, folder);
  const body = found && (await readFile(found.file).catch(() => null));
  if (!found || !body) return new Response('not found', { status: 404, headers: guard });
  return new Response(new Uint8Array(body), { headers: { ...guard, 'Content-Type': found.type } });
}

const guard = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Whether a request may leave the window at all; `development` is the origin of Vite's server, where there is one. */
export function mayRequest(address: string, development: string | undefined): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host } = new URL(address);
  if (`${protocol}//${host}` === appOrigin || protocol === 'data:' || protocol === 'devtools:') return true;
  if (development === undefined) return false;
  const { host: developmentHost } = new URL(development);
  return host === developmentHost && (protocol === 'http:' || protocol === 'ws:');
}
