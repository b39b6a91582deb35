// The request's field validation in the words of core/api/schema, which knows no requests. For all
// who decode bodies: the server's writes, patches and reviews.
#pragma once

#include "core/ports/client.h"

namespace orrery::api {
enum class FieldValidation;
}

namespace orrery::apiserver {

api::FieldValidation schema_validation(FieldValidation validation);

}  // namespace orrery::apiserver
