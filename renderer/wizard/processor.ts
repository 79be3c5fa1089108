/** The processor, short enough for a drawing. */
import type { HostFacts } from '../../src/core/machine/machine.js';

/** `12th Gen Intel(R) Core(TM) i9-12900K CPU @ 3.20GHz` → `Core i9-12900K`. */
export function processorOf(host: HostFacts): string {
  return (host.processor?.name ?? '')
    .replaceAll(/\((?:R|TM)\)|\bCPU\b.*$|\b\d+th Gen\b|\bIntel\b|\bAMD\b|\b\d+-Core Processor\b/gi, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** What its vendor calls the extensions. */
export const extensionsOf = (host: HostFacts): string => (host.processor?.vendor === 'amd' ? 'AMD-V' : 'VT-x');
