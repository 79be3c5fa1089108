/** What each elevated act is, says and costs. */
import type { ElevatedAct } from '../../src/ipc/schema.js';
import type { Translator } from '../../src/text/index.js';

interface Act {
  readonly name: string;
  readonly what: string;
  readonly howLong: string;
  readonly after: string;
  readonly undo: string;
  /** What is so once it is done. */
  readonly done: string;
}

export function actOf(t: Translator, act: ElevatedAct, account: string): Act {
  switch (act) {
    case 'join-group':
      return {
        name: t('rights.actJoin'),
        what: t('rights.joinWhat', { account }),
        howLong: t('rights.aSecond'),
        after: t('rights.joinAfter'),
        undo: t('rights.joinUndo'),
        done: t('rights.doneJoin'),
      };
    case 'allow-session':
      return {
        name: t('rights.actSession'),
        what: t('rights.sessionWhat'),
        howLong: t('rights.untilClose'),
        after: t('rights.sessionAfter'),
        undo: t('rights.sessionUndo'),
        done: t('rights.doneSession'),
      };
    case 'enable-hyper-v':
      return {
        name: t('rights.actEnable'),
        what: t('rights.enableWhat'),
        howLong: t('rights.minutes'),
        after: t('rights.restartAfter'),
        undo: t('rights.enableUndo'),
        done: t('rights.doneRestart'),
      };
    case 'hypervisor-auto':
      return {
        name: t('rights.actHypervisor'),
        what: t('rights.hypervisorWhat'),
        howLong: t('rights.aSecond'),
        after: t('rights.restartAfter'),
        undo: t('rights.hypervisorUndo'),
        done: t('rights.doneRestart'),
      };
    case 'start-service':
      return {
        name: t('rights.actService'),
        what: t('rights.serviceWhat'),
        howLong: t('rights.aSecond'),
        after: t('rights.serviceAfter'),
        undo: t('rights.serviceUndo'),
        done: t('rights.doneService'),
      };
  }
}
