import { anyOrder } from '../../harness/any-order.ts'
import { here, kernel, release } from '../../harness/here.ts'
import { anyCalls } from '../../harness/property.ts'
import { reportedTest } from '../../harness/reported-test.ts'

reportedTest('in whatever order it is called, a kernel answers as the table allows',
  () => anyOrder({ kernel, release }, anyCalls(12, { host: kernel.host }), here))
