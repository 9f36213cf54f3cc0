//! The functions of the template language, one row each.

use super::eval::{encode, list, logic, object, text};
use super::expr::Expr;
use super::value::Value;

use Place::{
    Anywhere, CopyLoop, Lambda, ManagementGroupDeployment, ParameterDefault, ResourceBodyAndOutputs,
};
use Place::{ResourceGroupDeployment, SubscriptionDeployment};
use Returns::{Any, Array, Bool, Int, Object, String};

/// What a function gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Returns {
    /// A string.
    String,
    /// A number.
    Int,
    /// A boolean.
    Bool,
    /// An array.
    Array,
    /// An object.
    Object,
    /// What its arguments decide.
    Any,
}

/// Where a function may be called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In every expression.
    Anywhere,
    /// In the properties of a resource and in outputs; not in names, types, locations, conditions or variables.
    ResourceBodyAndOutputs,
    /// In the default value of a parameter.
    ParameterDefault,
    /// In deployments to a resource group.
    ResourceGroupDeployment,
    /// In deployments to a resource group or a subscription.
    SubscriptionDeployment,
    /// In deployments to a management group.
    ManagementGroupDeployment,
    /// Inside a copy loop.
    CopyLoop,
    /// As, or inside, an argument of a function that takes a lambda.
    Lambda,
}

/// Computes a call of known arguments; `None` where Azure would refuse it or the outcome is not certain.
pub type Fold = fn(&[Value]) -> Option<Value>;

/// One row a function of the template language.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// The name in its canonical spelling.
    pub name: &'static str,
    /// The fewest arguments.
    pub min: usize,
    /// The most arguments, if there is a limit.
    pub max: Option<usize>,
    /// What it gives.
    pub returns: Returns,
    /// Where it may be called.
    pub place: Place,
    /// Computes it for known arguments; absent where only a deployment knows.
    pub fold: Option<Fold>,
    /// What it does, in one sentence.
    pub doc: &'static str,
}

impl Function {
    /// Whether the function takes this many arguments.
    pub fn takes(&self, count: usize) -> bool {
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }
}

/// Finds a function; case does not matter. Every `list...` is the one row `list*`, since resource providers define
/// them. A template's own functions (`namespace.name`) are not found.
pub fn function(name: &str) -> Option<&'static Function> {
    let exact = FUNCTIONS.iter().find(|row| row.name.eq_ignore_ascii_case(name));
    let listing = || {
        let listed =
            name.get(..4)?.eq_ignore_ascii_case("list") && name.bytes().all(|b| b.is_ascii_alphanumeric());
        FUNCTIONS.iter().find(|row| listed && row.name == LIST)
    };
    exact.or_else(listing)
}

const LIST: &str = "list*";

/// The functions that give keys, passwords, or addresses that hold a signature: what resource providers list that nobody may
/// read. Those of the documentation (template-functions-resource.md, "list*", the table of implementations; as of 2025) whose name says
/// so; of others, such as `listSyncFunctionTriggerStatus` and the bare `list`, nothing is known.
static SECRET_LISTS: &[&str] = &[
    "listAccountSas",
    "listAdminKeys",
    "listAuthKeys",
    "listCallbackUrl",
    "listClusterAdminCredential",
    "listClusterUserCredential",
    "listConnectionStrings",
    "listCredential",
    "listCredentials",
    "listKeys",
    "listQueryKeys",
    "listSecrets",
    "listServiceSas",
];

/// Whether what a function gives is secret.
pub fn gives_secret(name: &str) -> bool {
    SECRET_LISTS.iter().any(|list| list.eq_ignore_ascii_case(name))
}

/// Members of what such functions give that tell no secret: the name of a key, that of a registry.
const TELLING: &[&str] = &["keyName", "username"];

/// Whether an expression asks what gives a secret for something that is none.
pub fn asks_no_secret(expr: &Expr) -> bool {
    let Expr::Member { base, name, .. } = expr else { return false };
    let mut root = base.as_ref();
    while let Expr::Member { base, .. } | Expr::Index { base, .. } = root {
        root = base;
    }
    TELLING.iter().any(|telling| telling.eq_ignore_ascii_case(name))
        && matches!(root, Expr::Call { name, .. } if gives_secret(name))
}

/// Whether a call tells of its arguments only whether something is so: whether one is empty, or the same as what is written.
/// That is no secret, whatever they are.
pub fn tells_only_whether(function: &str, args: impl IntoIterator<Item = bool>) -> bool {
    let is = |name: &str| function.eq_ignore_ascii_case(name);
    is("empty") || (is("equals") && args.into_iter().any(|is_written| is_written))
}

const MANY: usize = usize::MAX;

/// A function that may be called anywhere and is computed when its arguments are known.
const fn pure(
    name: &'static str,
    min: usize,
    max: usize,
    returns: Returns,
    fold: Fold,
    doc: &'static str,
) -> Function {
    let max = if max == MANY { None } else { Some(max) };
    Function { name, min, max, returns, place: Place::Anywhere, fold: Some(fold), doc }
}

/// A function that only a deployment computes.
const fn late(
    name: &'static str,
    min: usize,
    max: usize,
    returns: Returns,
    place: Place,
    doc: &'static str,
) -> Function {
    let max = if max == MANY { None } else { Some(max) };
    Function { name, min, max, returns, place, fold: None, doc }
}

/// All functions, in the groups of the documentation (template-functions.md of the Azure documentation).
// One row a line reads as the table it is.
#[rustfmt::skip]
pub static FUNCTIONS: &[Function] = &[
    // Arrays.
    pure("array", 1, 1, Array, list::array, "Makes an array of one value; an array stays as it is."),
    pure("concat", 1, MANY, Any, text::concat, "Joins strings, or joins arrays."),
    pure("contains", 2, 2, Bool, list::contains, "Tells whether an array has an element, an object a key, or a string a part."),
    pure("createArray", 0, MANY, Array, list::create_array, "Makes an array of its arguments."),
    pure("empty", 1, 1, Bool, list::empty, "Tells whether an array, object or string is empty or null."),
    pure("first", 1, 1, Any, list::first, "Gives the first element of an array or character of a string."),
    pure("flatten", 1, 1, Array, list::flatten, "Joins the arrays in an array."),
    pure("indexFromEnd", 2, 2, Any, list::index_from_end, "Gives an element counted from the end, the last being 1."),
    pure("indexOf", 2, 2, Int, list::index_of, "Gives the first position of an element or of a part of a string, or -1."),
    pure("intersection", 2, MANY, Any, list::intersection, "Gives the elements or members that all arguments have."),
    pure("last", 1, 1, Any, list::last, "Gives the last element of an array or character of a string."),
    pure("lastIndexOf", 2, 2, Int, list::last_index_of, "Gives the last position of an element or of a part of a string, or -1."),
    pure("length", 1, 1, Int, list::length, "Counts elements, characters or members."),
    pure("max", 1, MANY, Int, logic::max, "Gives the largest number."),
    pure("min", 1, MANY, Int, logic::min, "Gives the smallest number."),
    pure("range", 2, 2, Array, list::range, "Makes an array of numbers from a start and a count."),
    pure("skip", 2, 2, Any, list::skip, "Leaves out the first elements or characters."),
    pure("take", 2, 2, Any, list::take, "Gives the first elements or characters."),
    pure("tryGet", 2, MANY, Any, object::try_get, "Gives the element behind a path of keys and positions, or null."),
    pure("tryIndexFromEnd", 2, 2, Any, list::try_index_from_end, "Gives an element counted from the end, or null."),
    pure("union", 1, MANY, Any, list::union, "Gives the elements of all arrays once each, or merges objects."),
    // Addresses.
    late("cidrHost", 2, 2, String, Anywhere, "Gives the address of a host in a range."),
    late("cidrSubnet", 3, 3, String, Anywhere, "Splits an address range into subnets and gives one."),
    late("parseCidr", 1, 1, Object, Anywhere, "Takes an address range apart."),
    // Comparison.
    pure("coalesce", 1, MANY, Any, logic::coalesce, "Gives the first argument that is not null."),
    pure("equals", 2, 2, Bool, logic::equals, "Tells whether two values are equal; strings compare with case."),
    pure("greater", 2, 2, Bool, logic::greater, "Tells whether the first number or string is greater."),
    pure("greaterOrEquals", 2, 2, Bool, logic::greater_or_equals, "Tells whether the first number or string is greater or equal."),
    pure("less", 2, 2, Bool, logic::less, "Tells whether the first number or string is less."),
    pure("lessOrEquals", 2, 2, Bool, logic::less_or_equals, "Tells whether the first number or string is less or equal."),
    // Dates.
    late("dateTimeAdd", 2, 3, String, Anywhere, "Adds an ISO 8601 duration to a time."),
    late("dateTimeFromEpoch", 1, 1, String, Anywhere, "Makes a time of the seconds since 1970."),
    late("dateTimeToEpoch", 1, 1, Int, Anywhere, "Gives the seconds since 1970."),
    late("utcNow", 0, 1, String, ParameterDefault, "Gives the time of the deployment."),
    // The deployment.
    late("deployer", 0, 0, Object, Anywhere, "Describes who deploys."),
    late("deployment", 0, 0, Object, Anywhere, "Describes the deployment."),
    late("environment", 0, 0, Object, Anywhere, "Describes the cloud that is deployed to."),
    late("parameters", 1, 1, Any, Anywhere, "Gives the value of a parameter."),
    late("variables", 1, 1, Any, Anywhere, "Gives the value of a variable."),
    late("fail", 1, 1, Any, Anywhere, "Stops the deployment with a message."),
    // Lambdas.
    late("filter", 2, 2, Array, Anywhere, "Gives the elements for which a lambda is true."),
    late("groupBy", 2, 2, Object, Anywhere, "Groups elements under the keys that a lambda gives."),
    late("lambda", 1, MANY, Any, Lambda, "Names variables, and the expression to compute with them."),
    late("lambdaVariables", 1, 1, Any, Lambda, "Gives the value of a lambda's variable."),
    late("map", 2, 2, Array, Anywhere, "Gives what a lambda makes of each element."),
    late("mapValues", 2, 2, Object, Anywhere, "Gives an object with what a lambda makes of each value."),
    late("reduce", 3, 3, Any, Anywhere, "Combines the elements one by one with a lambda."),
    late("sort", 2, 2, Array, Anywhere, "Orders elements by a lambda that tells whether one goes before another."),
    late("toObject", 2, 3, Object, Anywhere, "Makes an object of an array with a lambda for keys and one for values."),
    // Conditions.
    pure("and", 2, MANY, Bool, logic::and, "Tells whether all arguments are true."),
    pure("bool", 1, 1, Bool, logic::boolean, "Makes a boolean of a string or number."),
    pure("false", 0, 0, Bool, logic::never, "Gives false."),
    pure("if", 3, 3, Any, logic::choose, "Gives the second or the third argument, as the first is true or false."),
    pure("not", 1, 1, Bool, logic::not, "Turns true to false and false to true."),
    pure("or", 2, MANY, Bool, logic::or, "Tells whether an argument is true."),
    pure("true", 0, 0, Bool, logic::always, "Gives true."),
    // Numbers.
    pure("add", 2, 2, Int, logic::add, "Adds two numbers."),
    late("copyIndex", 0, 2, Int, CopyLoop, "Gives the position in a copy loop."),
    pure("div", 2, 2, Int, logic::div, "Divides two numbers, rounding to zero."),
    pure("float", 1, 1, Any, logic::float, "Makes a number with a fraction."),
    pure("int", 1, 1, Int, logic::int, "Makes a number of a string."),
    pure("mod", 2, 2, Int, logic::modulo, "Gives the remainder of a division."),
    pure("mul", 2, 2, Int, logic::mul, "Multiplies two numbers."),
    pure("sub", 2, 2, Int, logic::sub, "Subtracts the second number from the first."),
    // Objects.
    pure("createObject", 0, MANY, Object, object::create_object, "Makes an object of keys and values in turn."),
    pure("items", 1, 1, Array, object::items, "Makes an array of an object's keys and values."),
    pure("json", 1, 1, Any, encode::json, "Reads a value from JSON text."),
    pure("null", 0, 0, Any, logic::null, "Gives null."),
    pure("objectKeys", 1, 1, Array, object::object_keys, "Gives the keys of an object."),
    pure("shallowMerge", 1, 1, Object, object::shallow_merge, "Merges an array of objects, whole values at a time."),
    // Resources.
    late("extensionResourceId", 3, MANY, String, Anywhere, "Gives the ID of a resource that belongs to another."),
    late(LIST, 1, 3, Any, ResourceBodyAndOutputs, "Calls an operation of a resource whose name begins with `list`."),
    late("managementGroupResourceId", 2, MANY, String, Anywhere, "Gives the ID of a resource of a management group."),
    late("pickZones", 3, 5, Array, Anywhere, "Gives the availability zones that a resource type has in a region."),
    late("providers", 1, 2, Object, Anywhere, "Describes a resource provider; deprecated."),
    late("reference", 1, 3, Object, ResourceBodyAndOutputs, "Gives the properties of a resource as deployed."),
    late("references", 1, 2, Array, ResourceBodyAndOutputs, "Gives the properties of all resources of a copy loop."),
    late("resourceInfo", 1, 1, Object, Anywhere, "Gives name, type, version and ID of a resource by its symbolic name."),
    late("resourceId", 2, MANY, String, Anywhere, "Gives the ID of a resource of a resource group."),
    late("subscriptionResourceId", 2, MANY, String, Anywhere, "Gives the ID of a resource of a subscription."),
    late("tenantResourceId", 2, MANY, String, Anywhere, "Gives the ID of a resource of the tenant."),
    late("toLogicalZone", 3, 3, String, Anywhere, "Gives the subscription's number of a physical zone."),
    late("toLogicalZones", 3, 3, Array, Anywhere, "Gives the subscription's numbers of physical zones."),
    late("toPhysicalZone", 3, 3, String, Anywhere, "Gives the physical zone behind a subscription's number."),
    late("toPhysicalZones", 3, 3, Array, Anywhere, "Gives the physical zones behind a subscription's numbers."),
    // Scopes.
    late("managementGroup", 0, 0, Object, ManagementGroupDeployment, "Describes the management group that is deployed to."),
    late("resourceGroup", 0, 0, Object, ResourceGroupDeployment, "Describes the resource group that is deployed to."),
    late("subscription", 0, 0, Object, SubscriptionDeployment, "Describes the subscription that is deployed to."),
    late("tenant", 0, 0, Object, Anywhere, "Describes the tenant that is deployed to."),
    // Strings.
    pure("base64", 1, 1, String, encode::base64, "Encodes a string in base64."),
    pure("base64ToJson", 1, 1, Any, encode::base64_to_json, "Reads a value from JSON text in base64."),
    pure("base64ToString", 1, 1, String, encode::base64_to_string, "Decodes a string from base64."),
    late("buildUri", 1, 1, String, Anywhere, "Makes a URI of its parts."),
    pure("dataUri", 1, 1, String, encode::data_uri, "Encodes a string as a data URI."),
    pure("dataUriToString", 1, 1, String, encode::data_uri_to_string, "Decodes a string from a data URI."),
    pure("endsWith", 2, 2, Bool, text::ends_with, "Tells whether a string ends with another, without case."),
    pure("format", 1, MANY, String, text::format, "Writes values into the places `{0}`, `{1}` of a string."),
    pure("guid", 1, MANY, String, encode::guid, "Makes a GUID that is the same for the same strings."),
    pure("join", 2, 2, String, text::join, "Joins the elements of an array with a delimiter."),
    late("newGuid", 0, 0, String, ParameterDefault, "Makes a new GUID in each deployment."),
    pure("padLeft", 2, 3, String, text::pad_left, "Fills a string up on the left to a length."),
    late("parseUri", 1, 1, Object, Anywhere, "Takes a URI apart."),
    pure("replace", 3, 3, String, text::replace, "Replaces each occurrence of a string in another."),
    pure("split", 2, 2, Array, text::split, "Splits a string at one or several delimiters."),
    pure("startsWith", 2, 2, Bool, text::starts_with, "Tells whether a string starts with another, without case."),
    pure("string", 1, 1, String, text::string, "Makes a string of any value."),
    pure("substring", 2, 3, String, text::substring, "Gives a part of a string by start and length."),
    pure("toLower", 1, 1, String, text::to_lower, "Makes a string lower case."),
    pure("toUpper", 1, 1, String, text::to_upper, "Makes a string upper case."),
    pure("trim", 1, 1, String, text::trim, "Removes white space at both ends of a string."),
    late("uniqueString", 1, MANY, String, Anywhere, "Makes 13 characters that are the same for the same strings."),
    pure("uri", 2, 2, String, encode::uri, "Joins an address and a relative path."),
    pure("uriComponent", 1, 1, String, encode::uri_component, "Escapes a string for use in a URI."),
    pure("uriComponentToString", 1, 1, String, encode::uri_component_to_string, "Undoes the escapes of a URI."),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{FUNCTIONS, Place, function};

    #[test]
    fn each_function_has_one_row_that_is_found_by_any_spelling() {
        let mut seen = HashSet::new();
        for row in FUNCTIONS {
            assert!(seen.insert(row.name.to_ascii_lowercase()), "{} twice", row.name);
            assert!(row.max.is_none_or(|max| max >= row.min), "{}", row.name);
            assert!(row.doc.ends_with('.'), "{}", row.name);
            assert_eq!(function(&row.name.to_ascii_uppercase()).map(|found| found.name), Some(row.name));
        }
        for name in ["list", "listKeys", "LISTACCOUNTSAS"] {
            assert_eq!(function(name).map(|row| row.place), Some(Place::ResourceBodyAndOutputs));
        }
        for name in ["contoso.uniqueName", "list.x", "lis", "", "lista b", "é"] {
            assert!(function(name).is_none(), "{name}");
        }
    }
}
