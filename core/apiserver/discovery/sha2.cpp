#include "core/apiserver/discovery/sha2.h"

#include <array>
#include <bit>
#include <cstdint>

namespace orrery::apiserver {
namespace {

// Fractions of the cube roots of the first 80 primes, and of the square roots of the first eight.
// SHA-256 takes the upper halves.
constexpr std::uint64_t kRound[80] = {
    0x428a2f98d728ae22u, 0x7137449123ef65cdu, 0xb5c0fbcfec4d3b2fu, 0xe9b5dba58189dbbcu,
    0x3956c25bf348b538u, 0x59f111f1b605d019u, 0x923f82a4af194f9bu, 0xab1c5ed5da6d8118u,
    0xd807aa98a3030242u, 0x12835b0145706fbeu, 0x243185be4ee4b28cu, 0x550c7dc3d5ffb4e2u,
    0x72be5d74f27b896fu, 0x80deb1fe3b1696b1u, 0x9bdc06a725c71235u, 0xc19bf174cf692694u,
    0xe49b69c19ef14ad2u, 0xefbe4786384f25e3u, 0x0fc19dc68b8cd5b5u, 0x240ca1cc77ac9c65u,
    0x2de92c6f592b0275u, 0x4a7484aa6ea6e483u, 0x5cb0a9dcbd41fbd4u, 0x76f988da831153b5u,
    0x983e5152ee66dfabu, 0xa831c66d2db43210u, 0xb00327c898fb213fu, 0xbf597fc7beef0ee4u,
    0xc6e00bf33da88fc2u, 0xd5a79147930aa725u, 0x06ca6351e003826fu, 0x142929670a0e6e70u,
    0x27b70a8546d22ffcu, 0x2e1b21385c26c926u, 0x4d2c6dfc5ac42aedu, 0x53380d139d95b3dfu,
    0x650a73548baf63deu, 0x766a0abb3c77b2a8u, 0x81c2c92e47edaee6u, 0x92722c851482353bu,
    0xa2bfe8a14cf10364u, 0xa81a664bbc423001u, 0xc24b8b70d0f89791u, 0xc76c51a30654be30u,
    0xd192e819d6ef5218u, 0xd69906245565a910u, 0xf40e35855771202au, 0x106aa07032bbd1b8u,
    0x19a4c116b8d2d0c8u, 0x1e376c085141ab53u, 0x2748774cdf8eeb99u, 0x34b0bcb5e19b48a8u,
    0x391c0cb3c5c95a63u, 0x4ed8aa4ae3418acbu, 0x5b9cca4f7763e373u, 0x682e6ff3d6b2b8a3u,
    0x748f82ee5defb2fcu, 0x78a5636f43172f60u, 0x84c87814a1f0ab72u, 0x8cc702081a6439ecu,
    0x90befffa23631e28u, 0xa4506cebde82bde9u, 0xbef9a3f7b2c67915u, 0xc67178f2e372532bu,
    0xca273eceea26619cu, 0xd186b8c721c0c207u, 0xeada7dd6cde0eb1eu, 0xf57d4f7fee6ed178u,
    0x06f067aa72176fbau, 0x0a637dc5a2c898a6u, 0x113f9804bef90daeu, 0x1b710b35131c471bu,
    0x28db77f523047d84u, 0x32caab7b40c72493u, 0x3c9ebe0a15c9bebcu, 0x431d67c49c100d4cu,
    0x4cc5d4becb3e42b6u, 0x597f299cfc657e2au, 0x5fcb6fab3ad6faecu, 0x6c44198c4a475817u,
};
constexpr std::uint64_t kStart[8] = {
    0x6a09e667f3bcc908u, 0xbb67ae8584caa73bu, 0x3c6ef372fe94f82bu, 0xa54ff53a5f1d36f1u,
    0x510e527fade682d1u, 0x9b05688c2b3e6c1fu, 0x1f83d9abfb41bd6bu, 0x5be0cd19137e2179u,
};

/// Where the two functions differ: the rotations, the last of each small one being a shift.
template <class Word>
struct Form;
template <>
struct Form<std::uint32_t> {
  static constexpr int kRounds = 64;
  static constexpr int kBig0[3] = {2, 13, 22}, kBig1[3] = {6, 11, 25};
  static constexpr int kSmall0[3] = {7, 18, 3}, kSmall1[3] = {17, 19, 10};
};
template <>
struct Form<std::uint64_t> {
  static constexpr int kRounds = 80;
  static constexpr int kBig0[3] = {28, 34, 39}, kBig1[3] = {14, 18, 41};
  static constexpr int kSmall0[3] = {1, 8, 7}, kSmall1[3] = {19, 61, 6};
};

/// The upper bits of a constant that fit.
template <class Word>
constexpr Word upper(std::uint64_t constant) {
  return static_cast<Word>(constant >> (64 - 8 * sizeof(Word)));
}

template <class Word>
Word big(Word x, const int (&r)[3]) {
  return std::rotr(x, r[0]) ^ std::rotr(x, r[1]) ^ std::rotr(x, r[2]);
}
template <class Word>
Word small(Word x, const int (&r)[3]) {
  return std::rotr(x, r[0]) ^ std::rotr(x, r[1]) ^ (x >> r[2]);
}

template <class Word>
void mix(std::array<Word, 8>& state, const char* block) {
  using F = Form<Word>;
  std::array<Word, F::kRounds> w{};
  for (std::size_t i = 0; i < 16 * sizeof(Word); ++i) {
    Word& word = w[i / sizeof(Word)];
    word = static_cast<Word>((word << 8) | static_cast<unsigned char>(block[i]));
  }
  for (std::size_t i = 16; i < w.size(); ++i) {
    w[i] = w[i - 16] + small(w[i - 15], F::kSmall0) + w[i - 7] + small(w[i - 2], F::kSmall1);
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < w.size(); ++i) {
    const Word one = h + big(e, F::kBig1) + ((e & f) ^ (~e & g)) + upper<Word>(kRound[i]) + w[i];
    const Word two = big(a, F::kBig0) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
  }
  const std::array<Word, 8> mixed = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state[i] += mixed[i];
}

template <class Word>
std::string digest(std::string_view bytes) {
  constexpr std::size_t kBlock = 16 * sizeof(Word);
  std::array<Word, 8> state{};
  for (std::size_t i = 0; i < 8; ++i) state[i] = upper<Word>(kStart[i]);
  const std::size_t whole = bytes.size() / kBlock * kBlock;
  for (std::size_t i = 0; i < whole; i += kBlock) mix<Word>(state, bytes.data() + i);

  std::string tail(bytes.substr(whole));
  tail.push_back('\x80');
  constexpr std::size_t kLengthBytes = 2 * sizeof(Word);  // of which eight are enough here
  while ((tail.size() + kLengthBytes) % kBlock != 0) tail.push_back('\0');
  tail.append(kLengthBytes - 8, '\0');
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  for (int shift = 56; shift >= 0; shift -= 8) {
    tail.push_back(static_cast<char>((bits >> shift) & 0xff));
  }
  for (std::size_t i = 0; i < tail.size(); i += kBlock) mix<Word>(state, tail.data() + i);

  std::string out;
  for (const Word word : state) {
    for (int shift = static_cast<int>(sizeof(Word)) * 8 - 8; shift >= 0; shift -= 8) {
      out.push_back(static_cast<char>((word >> shift) & 0xff));
    }
  }
  return out;
}

}  // namespace

std::string sha256(std::string_view bytes) { return digest<std::uint32_t>(bytes); }
std::string sha512(std::string_view bytes) { return digest<std::uint64_t>(bytes); }

}  // namespace orrery::apiserver
