/** What the first frame of a shell tells. */
import type { Handshake } from '../core/cmdlets/call.js';
import type { readySchema } from './frames.js';

export function handshakeOf({
  psVersion,
  edition,
  languageMode,
  pid,
  modules,
  policyLifted,
  identity,
}: ReturnType<typeof readySchema.parse>): Handshake {
  return {
    shellVersion: psVersion,
    edition,
    languageMode,
    pid,
    modules: modules.map(({ name, state, fqid, message }) => ({
      name,
      state,
      ...(state === 'loaded'
        ? {}
        : {
            record: {
              id: fqid ?? '',
              category: '',
              target: name,
              exception: '',
              hresult: null,
              message: message ?? '',
            },
          }),
    })),
    ...(policyLifted ? { policyLifted } : {}),
    identity,
  };
}
