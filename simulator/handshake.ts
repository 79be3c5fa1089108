/** What the shell of the simulated host says of itself. */
import type { Handshake } from '../src/core/cmdlets/call.js';
import { wireError } from './errors.js';
import { recordOf } from './records.js';
import type { Simulator } from './simulator.js';

export function handshakeOf(simulator: Simulator, elevated: boolean): Handshake {
  const { host } = simulator.world;
  const constrained = host.languageMode !== 'FullLanguage';
  return {
    shellVersion: `5.1.${host.windows.build}.2161`,
    edition: 'Desktop',
    languageMode: host.languageMode,
    pid: 4242,
    modules: Object.entries(host.modules).map(([name, state]) =>
      state === 'loaded'
        ? { name, state }
        : {
            name,
            state,
            record: recordOf(
              wireError(host.locale, state === 'missing' ? 'import-module-missing' : 'module-blocked', { name }, name),
              'Import-Module',
            ),
          },
    ),
    // In ConstrainedLanguage the methods that tell who runs it cannot be called.
    identity: constrained ? null : simulator.identityOf(elevated),
  };
}
