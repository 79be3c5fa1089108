/** The processor, short enough for a drawing. */
import type { HostFacts } from '../../src/core/machine/machine.js';
import { extensionNames, processorKind } from '../../src/core/machine/platform.js';
import type { Translator, Words } from '../../src/text/index.js';

/** `12th Gen Intel(R) Core(TM) i9-12900K CPU @ 3.20GHz` → `Core i9-12900K`. */
export function processorOf(host: HostFacts): string {
  return (host.processor?.name ?? '')
    .replaceAll(/\((?:R|TM)\)|\bCPU\b.*$|\b\d+th Gen\b|\bIntel\b|\bAMD\b|\b\d+-Core Processor\b/gi, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** What its vendor calls the extensions; where it has no name of its own for them, nothing. */
export const extensionsOf = (host: HostFacts): string => extensionNames(processorKind(host))?.extensions ?? '';

/** In a sentence: with their name where they have one. */
export function extensionWords(t: Translator, host: HostFacts): Words {
  const extensions = extensionsOf(host);
  return extensions === '' ? t('wizard.extensions') : t('wizard.extensionsNamed', { extensions });
}

/** In one word: AMD, Intel, ARM64; else the processor's own name. */
export function vendorOf(host: HostFacts): string {
  switch (processorKind(host)) {
    case 'intel':
      return 'Intel';
    case 'amd':
      return 'AMD';
    case 'arm':
      return 'ARM64';
    case 'other-x64':
    case 'other':
    case 'unknown':
      return processorOf(host);
  }
}
