import * as landfall from 'landfall';

test('what users import is this and no more; a change here is a change of the public interface', () => {
  expect(Object.keys(landfall).sort()).toEqual([
    'DefinitionError',
    'DeliveryRefusedError',
    'LandfallClient',
    'LandfallError',
    'RunFailedError',
    'SetupError',
    'UsageError',
    'column',
    'columnsOf',
    'createLandfallWorker',
    'csv',
    'definePipeline',
    'derivedTable',
    'fixedWidth',
    'json',
    'jsonLines',
    'parquet',
    'table',
    'tableFromMetadata',
  ]);
});
