/** Who is in Hyper-V Administrators may manage VMs, disks, internal and private switches; NAT, firewall and features still ask. */
import { describe, expect, it } from 'vitest';
import { translator } from '../../../src/text/index.js';

const account = 'DEV-PC\\mei';

describe.each([
  { language: 'en', vms: /VMs/, more: /NAT/, features: /Windows features/ },
  { language: 'zh-CN', vms: /虚拟机/, more: /NAT/, features: /Windows 功能/ },
] as const)('what members may do without elevation, in $language', ({ language, vms, more, features }) => {
  const t = translator(language);

  it('is said of VMs, never of everything', () => {
    const texts = [
      t('rights.joinReason'),
      t('rights.endedMember'),
      t('settings.rightsGroup', { account }),
      t('checks.rightsGroup'),
    ];
    for (const text of texts) expect(text).toMatch(vms);
  });

  it('leaves out what still needs elevation, by name', () => {
    for (const text of [t('settings.rightsGroup', { account }), t('checks.rightsGroupWhy', { account })]) {
      expect(text).toMatch(more);
      expect(text).toMatch(features);
    }
  });
});
