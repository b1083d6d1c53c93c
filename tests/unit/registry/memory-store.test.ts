import { openMemoryStore } from '../../fixtures/memory-store';
import { testRecordStore } from '../../fixtures/record-store-contract';

testRecordStore(() => openMemoryStore().store);
