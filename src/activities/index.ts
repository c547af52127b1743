import { planCuration } from './curated/plan-curation';
import { writeCurated } from './curated/write-curated';
import { writeDerived } from './curated/write-derived';
import type { Dependencies } from './dependencies';
import { checkAsReader } from './glue/reader-check/check-as-reader';
import { publishDatabase } from './glue/publish-database';
import { checkFiles } from './land/check-files';
import { checkKeys } from './land/check-keys';
import { decideDelivery } from './land/decide-delivery';
import { deleteFromLand } from './land/delete-from-land';
import { pinDelivery } from './land/pin-delivery';
import { planDelivery } from './land/plan-delivery';
import { planRollback } from './maintenance/plan-rollback';
import { recreateDatabase } from './maintenance/recreate-database';
import { rollBackTables } from './maintenance/roll-back-tables';
import { sweepSnapshots } from './maintenance/sweep-snapshots';
import { moveToQuarantine } from './quarantine/move-to-quarantine';
import { recordProcessed } from './processed/record-processed';
import { deleteFromProcessed } from './processed/delete-from-processed';
import { transformFiles } from './processed/transform-files';
import { copyToRawHist } from './raw-hist/copy-to-raw-hist';
import { recordArchive } from './raw-hist/record-archive';
import { copyToRaw } from './raw/copy-to-raw';
import { deleteFromRaw } from './raw/delete-from-raw';
import { writeReport } from './report/write-report';

/** Every activity, in the order in which a delivery meets them, and those of maintenance. Each may run twice, or wake up late. */
export const createActivities = (dependencies: Dependencies) => ({
  pinDelivery: pinDelivery(dependencies),
  planDelivery: planDelivery(dependencies),
  checkFiles: checkFiles(dependencies),
  checkKeys: checkKeys(dependencies),
  decideDelivery: decideDelivery(dependencies),
  moveToQuarantine: moveToQuarantine(dependencies),
  copyToRawHist: copyToRawHist(dependencies),
  recordArchive: recordArchive(dependencies),
  copyToRaw: copyToRaw(dependencies),
  deleteFromLand: deleteFromLand(dependencies),
  transformFiles: transformFiles(dependencies),
  recordProcessed: recordProcessed(dependencies),
  deleteFromRaw: deleteFromRaw(dependencies),
  planCuration: planCuration(dependencies),
  writeCurated: writeCurated(dependencies),
  writeDerived: writeDerived(dependencies),
  checkAsReader: checkAsReader(dependencies),
  publishDatabase: publishDatabase(dependencies),
  writeReport: writeReport(dependencies),
  deleteFromProcessed: deleteFromProcessed(dependencies),
  planRollback: planRollback(dependencies),
  rollBackTables: rollBackTables(dependencies),
  recreateDatabase: recreateDatabase(dependencies),
  sweepSnapshots: sweepSnapshots(dependencies),
});

export type Activities = ReturnType<typeof createActivities>;
