import type { CallResult, Host, HostCall } from '../core/cmdlets/call.js';

/** The same host; each batch is noticed before it is sent. */
export function noticing(host: Host, notice: (call: HostCall) => void): Host {
  return {
    get handshake() {
      return host.handshake;
    },
    async call<const Calls extends readonly HostCall[]>(
      calls: Calls,
      signal?: AbortSignal,
    ): Promise<{ [I in keyof Calls]: CallResult<Calls[I]['cmdlet']> }> {
      const [first] = calls;
      if (first) notice(first);
      return await host.call(calls, signal);
    },
    close: () => host.close(),
  };
}
