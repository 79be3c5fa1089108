/** Calls to main, typed by the IPC schema. Only types cross: requests are checked by zod in main, not here. */
import type { HostId } from '../src/core/cmdlets/ref.js';
import type { AppEvent, Bridge, CallName, ReplyOf, RequestOf } from '../src/ipc/schema.js';

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly hypernest: Bridge;
  }
}

type Api = {
  readonly [N in CallName]: undefined extends RequestOf<N>
    ? () => Promise<ReplyOf<N>>
    : (request: RequestOf<N>) => Promise<ReplyOf<N>>;
};

let shown: HostId | undefined;
/** What names no VM, plan or run is about that PC from now on. */
export function callsOf(host: HostId): void {
  shown = host;
}

// The names are those of the schema, which is a type here: a proxy keeps zod out of the window's bundle.
const callsAbout = (host: () => HostId | undefined): Api =>
  new Proxy(
    {},
    { get: (_, name) => (request?: unknown) => window.hypernest.call(String(name), request, host()) },
  ) as Api;

/** Rejects only where main refuses the request or has a bug; what Windows refuses is a reply. */
export const api = callsAbout(() => shown);

/** About that PC, whichever is shown. */
export const apiOf = (host: HostId): Api => callsAbout(() => host);

/** Hears what main says; the answer ends it. */
export function listen(listener: (event: AppEvent) => void): () => void {
  return window.hypernest.on(listener);
}
