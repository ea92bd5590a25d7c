/** Any call after any other, over several VMs, vcpus and devices: what a kernel answers, the table allows. */
import { anyOrder } from '../../harness/suite/any-order.ts'
import { runSettings, kernel, release } from '../../harness/suite/here.ts'
import { anyCalls } from '../../harness/generate/any-calls.ts'
import { reportedTest } from '../../harness/suite/reported-test.ts'

reportedTest(
  'in whatever order it is called, a kernel answers as the table allows',
  () => anyOrder({ kernel, release }, anyCalls(12, { host: kernel.host }), runSettings),
  { isDivided: true },
)
