import type { FileFault } from '../../src/ipc/notices.js';
import type { Translator, Words } from '../../src/text/index.js';

/** Why a file cannot be used, and what to do. */
export function whyOf(t: Translator, { path, ...fault }: FileFault): Words {
  switch (fault.why) {
    case 'full':
      return t('app.faultFull', { path });
    case 'read-only':
      return t('app.faultReadOnly', { path });
    case 'refused':
      return t('app.faultRefused', { path });
    case 'in-the-way':
      return t('app.faultInTheWay', { path });
    case 'not-encrypted':
      return t('app.faultNotEncrypted');
    case 'other':
      return t('app.faultOther', { path, detail: fault.detail });
  }
}

/** What could not be done, and why. */
export const withWhy = (t: Translator, what: Words, fault: FileFault | undefined): Words =>
  fault ? t('app.whatAndWhy', { what, why: whyOf(t, fault) }) : what;
