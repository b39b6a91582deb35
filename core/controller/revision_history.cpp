#include "core/controller/revision_history.h"

#include "core/client/typed_client.h"

namespace orrery::controller {

void trim_revisions(Client& client, const std::vector<RevisionRef>& unused,
                    std::optional<std::int32_t> limit, const PassRef& pass) {
  const auto keep = static_cast<std::size_t>(limit.value_or(10));
  for (std::size_t i = 0; i + keep < unused.size(); ++i) {
    remove(client, *unused[i], {}, [pass](Status status) {
      if (!status.is(Reason::kNotFound)) pass->fail(status);
    });
  }
}

}  // namespace orrery::controller
